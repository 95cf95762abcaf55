using Baton.Configuration;
using Baton.Systemd;
using Baton.Tests.Configuration;
using Xunit;

namespace Baton.Tests.Systemd;

/// <summary>Names in systemd's fd store, and endpoints by name and address.</summary>
public sealed class GivenSocketsTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", "listen=127.0.0.1%3A8080")]
    [InlineData("[::]:443", "listen=[%3A%3A]%3A443")]
    [InlineData("unix:/run/my app/100%.sock", "listen=unix%3A/run/my%20app/100%25.sock")]
    [InlineData("unix:/run/bär", "listen=unix%3A/run/b%C3%A4r")]
    public void An_address_survives_as_a_name_that_systemd_takes(string address, string name)
    {
        Assert.Equal(name, StoredName.Of(address));
        Assert.Equal(address, StoredName.AddressIn(name));
    }

    [Fact]
    public void A_name_is_no_longer_than_systemd_allows()
    {
        Assert.Null(StoredName.Of("unix:/" + new string('ä', 50)));
        Assert.NotNull(StoredName.Of("unix:/" + new string('a', 101)));
    }

    [Theory]
    [InlineData("baton.socket")]
    [InlineData("Http")]
    [InlineData("")]
    public void The_name_of_a_socket_unit_is_no_address(string name) => Assert.Null(StoredName.AddressIn(name));

    [Fact]
    public async Task An_endpoint_is_found_by_its_address_and_by_its_name_if_it_has_only_one()
    {
        var settings = (await Load.Text("""
            { "Kestrel": { "Endpoints": {
              "Http": { "Url": "http://*:80" }, "Local": { "Url": "http://localhost:81" }, "Six": { "Url": "http://[::1]:82" }, "File": { "Url": "http://unix:/run/a.sock" }
            } } }
            """)).Settings;
        var endpoints = new EndpointList(settings);
        Assert.All(["[::]:80", "127.0.0.1:81", "[::1]:81", "[::1]:82", "unix:/run/a.sock"], address => Assert.True(endpoints.Has(address), address));
        Assert.False(endpoints.Has("127.0.0.1:80"));
        Assert.Equal("[::]:80", endpoints.OnlyAddressOf("http"));
        Assert.Equal("unix:/run/a.sock", endpoints.OnlyAddressOf("File"));
        Assert.Null(endpoints.OnlyAddressOf("Local"));
        Assert.Null(endpoints.OnlyAddressOf("baton.socket"));
    }
}
