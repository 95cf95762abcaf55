using System.Globalization;

namespace Baton.Bench.Transport;

/// <summary>Median and quartiles of some numbers.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    public double Median => At(0.5);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.000} [{At(0.25):0.000} – {At(0.75):0.000}]");

    private double At(double share)
    {
        var place = share * (_values.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, _values.Length - 1);
        return _values[below] + (place - below) * (_values[above] - _values[below]);
    }
}
