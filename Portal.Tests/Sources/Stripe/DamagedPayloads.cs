using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Tests.Sources.Stripe;

/// <summary>Takes a good payload and breaks it in ways a hostile or confused sender might; the same seed breaks it the same way.</summary>
internal static class DamagedPayloads
{
    private const string RawMark = "raw:";

    private static readonly string[] Numbers =
        ["1e400", "-0", "9007199254740993", "18446744073709551616", "1.0000000001", "-9223372036854775809", "0.1e-400", "-1", "1000000000000001"];

    private static readonly string[] Texts =
        ["", " ", "\0", "\u202e", "<script>alert(1)</script>", "'; DROP TABLE events;--", new('A', 70_000), "\r\nX-Injected: 1", "٣", "İ", "null", "NaN"];

    private static readonly string[] Raws =
    [
        "\"\\ud800\"", "\"\\udc00x\"", "{\"\\ud800\":1}", "{}", "[]", "[[[[]]]]", "true", "{\"object\":\"customer\",\"id\":\"cus_x\"}", "{\"\":1}",
        "{\"id\":\"a\",\"id\":\"b\"}", "[{\"amount\":1e15},{\"amount\":999999999999999}]",
    ];

    /// <summary>One damaged body.</summary>
    public static byte[] Make(string good, int seed)
    {
        var random = new Random(seed);
        var root = JsonNode.Parse(good)!;
        for (var times = random.Next(1, 5); times > 0; times--) Damage(root, random);

        var text = root.ToJsonString();
        var mark = text.IndexOf($"\"{RawMark}", StringComparison.Ordinal);
        while (mark >= 0)
        {
            var end = text.IndexOf('"', mark + 1);
            var raw = int.Parse(text[(mark + 1 + RawMark.Length)..end], CultureInfo.InvariantCulture);
            text = text[..mark] + (raw < Raws.Length ? Raws[raw] : Numbers[raw - Raws.Length]) + text[(end + 1)..];
            mark = text.IndexOf($"\"{RawMark}", StringComparison.Ordinal);
        }

        if (random.Next(20) == 0) text = "{\"id\":\"evt_dup\",\"type\":\"invoice.paid\"," + text[1..];
        return Whole(Encoding.UTF8.GetBytes(text), random);
    }

    private static void Damage(JsonNode root, Random random)
    {
        var slots = new List<(JsonObject Holder, string Name)>();
        Collect(root, slots);
        if (slots.Count == 0) return;
        var (holder, name) = slots[random.Next(slots.Count)];
        switch (random.Next(8))
        {
            case 0: holder.Remove(name); break;
            case 1: holder[name] = null; break;
            case 2: holder[name] = Texts[random.Next(Texts.Length)]; break;
            case 3 or 4: holder[name] = RawMark + random.Next(Raws.Length); break;
            case 5 or 6: holder[name] = RawMark + (Raws.Length + random.Next(Numbers.Length)); break;
            default:
                var repeated = holder[name];
                holder[name] = new JsonArray([.. Enumerable.Range(0, random.Next(30)).Select(_ => repeated?.DeepClone())]);
                break;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonObject, string)> slots)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Collect(item, slots);
        }
        else if (node is JsonObject o)
        {
            foreach (var (name, value) in o)
            {
                slots.Add((o, name));
                Collect(value, slots);
            }
        }
    }

    private static byte[] Whole(byte[] body, Random random)
    {
        switch (random.Next(40))
        {
            case 0: return body[..random.Next(body.Length)];
            case 1: return [0xEF, 0xBB, 0xBF, .. body];
            case 2:
                body[random.Next(body.Length)] = 0xff;
                return body;
            case 3:
                var depth = random.Next(40, 2000);
                return Encoding.UTF8.GetBytes($$$"""{"id":"evt_deep","type":"invoice.paid","data":{"object":{{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}}1{{{new string('}', depth)}}}}}""");
            default: return body;
        }
    }
}
