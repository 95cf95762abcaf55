using System.Globalization;

namespace Baton.Bench.Measuring;

/// <summary>Median and quartiles of some numbers.</summary>
public sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    public double Median => At(0.5);

    /// <param name="share">From 0, the least, to 1, the most; what lies between two numbers is interpolated.</param>
    public double At(double share)
    {
        var place = share * (_values.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, _values.Length - 1);
        return _values[below] + (place - below) * (_values[above] - _values[below]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.000} [{At(0.25):0.000} – {At(0.75):0.000}]");
}
