using System.Text.Json.Nodes;

namespace Portal.Demo;

/// <summary>Something that the provider tells, with the moment at which it is told.</summary>
/// <param name="Id">The provider's id of the event.</param>
/// <param name="Type">Its type.</param>
/// <param name="At">When it happened.</param>
/// <param name="Object">What it is about.</param>
/// <param name="IsBasil">Whether it has the shape of 2025-03-31.basil, or that of 2022-11-15.</param>
internal sealed record DemoEvent(string Id, string Type, DateTimeOffset At, JsonObject Object, bool IsBasil)
{
    /// <summary>What the changed fields were before, for updates.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>Real money: wrong at a sandbox endpoint.</summary>
    public bool IsLive { get; init; }

    /// <summary>When it reaches the endpoint; usually at once.</summary>
    public DateTimeOffset ArrivesAt { get; init; } = At;

    /// <summary>The body, as the provider would write it.</summary>
    public byte[] Body()
    {
        var data = new JsonObject { ["object"] = Object.DeepClone() };
        if (Before is not null) data["previous_attributes"] = Before.DeepClone();
        var root = new JsonObject
        {
            ["id"] = Id,
            ["object"] = "event",
            ["api_version"] = IsBasil ? "2025-03-31.basil" : "2022-11-15",
            ["created"] = At.ToUnixTimeSeconds(),
            ["data"] = data,
            ["livemode"] = IsLive,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
            ["type"] = Type,
        };
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}

/// <summary>What is wrong with a delivery.</summary>
internal enum DemoFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Signed with the secret of another endpoint.</summary>
    WrongSecret,

    /// <summary>Signed two hours ago.</summary>
    OldSignature,
}

/// <summary>One request.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Fault">What is wrong with it.</param>
internal sealed record DemoDelivery(byte[] Body, DemoFault Fault = DemoFault.None);
