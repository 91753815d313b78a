namespace Portal.Pages.Integration;

/// <summary>Code to paste, with the ids and URLs of an environment in it. Secrets stay names of environment variables.</summary>
/// <param name="PublicUrl">The portal's address.</param>
/// <param name="Slug">The environment's name in URLs.</param>
/// <param name="ProductId">The product's id.</param>
public sealed record Snippets(string PublicUrl, string Slug, string ProductId)
{
    /// <summary>The languages, by the word in the URL.</summary>
    public static readonly IReadOnlyList<(string Word, string Name)> Languages = [("node", "Node.js"), ("csharp", "C#"), ("python", "Python"), ("ruby", "Ruby")];

    /// <summary>How a server makes the token of a signed-in user.</summary>
    public string Token(string language) => language switch
    {
        "csharp" => $$"""
            // dotnet add package Microsoft.IdentityModel.JsonWebTokens
            var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("PRODUCT_SECRET")!));
            var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Claims = new Dictionary<string, object>
                {
                    ["productId"] = "{{ProductId}}",
                    ["productUserId"] = user.Id.ToString(),   // a string
                    ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                },
                SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha512),
            });
            """,
        "python" => $$"""
            # pip install pyjwt
            import jwt, os, time
            token = jwt.encode(
                {"productId": "{{ProductId}}", "productUserId": str(user.id), "iat": int(time.time())},
                os.environ["PRODUCT_SECRET"], algorithm="HS512")
            """,
        "ruby" => $$"""
            # gem install jwt
            require "jwt"
            token = JWT.encode(
              { productId: "{{ProductId}}", productUserId: user.id.to_s, iat: Time.now.to_i },
              ENV.fetch("PRODUCT_SECRET"), "HS512")
            """,
        _ => $$"""
            // npm install jsonwebtoken
            import jwt from "jsonwebtoken";
            const token = jwt.sign(
              { productId: "{{ProductId}}", productUserId: String(user.id) },   // iat is added
              process.env.PRODUCT_SECRET, { algorithm: "HS512" });
            """,
    };

    /// <summary>How a page boots the referral component.</summary>
    public string Component => $$"""
        <script type="module" src="{{PublicUrl}}/assets/{{Slug}}/app/latest/cello.js" async></script>
        <script>
          window.cello = window.cello || { cmd: [] };
          window.cello.cmd.push(async (cello) => {
            await cello.boot({
              productId: "{{ProductId}}",
              token: tokenFromYourServer,
              productUserDetails: { firstName: "Ann", lastName: "Lee", email: "ann@example.com" },
            });
          });
        </script>
        """;

    /// <summary>How a landing page keeps the code.</summary>
    public string Attribution => $$"""
        <script type="module" src="{{PublicUrl}}/assets/{{Slug}}/attribution/latest/cello-attribution.js"
                data-product-id="{{ProductId}}" async></script>

        <script>
          // takes questions before the script is there; forms get a hidden field "ucc" by themselves
          window.CelloAttribution = window.CelloAttribution || ((command, ...args) => new Promise((resolve, reject) => {
            (window.CelloAttributionCmd = window.CelloAttributionCmd || []).push({ command, args, resolve, reject });
          }));
          window.CelloAttribution("getUcc").then((ucc) => { /* keep it with the new user */ });
        </script>
        """;

    /// <summary>How a signup is told.</summary>
    public string Signup(string source, string language) => source switch
    {
        "stripe" => StripeCustomer(language),
        "chargebee" => Chargebee,
        _ => Event(language, "new-signup", "\"price\": 0, \"currency\": \"\"", ""),
    };

    /// <summary>How a purchase is told.</summary>
    public string Purchase(string source, string language) => source switch
    {
        "stripe" => $"""
            Stripe tells of purchases by itself: add this endpoint in Stripe and select the events of the Webhooks page.

            {PublicUrl}/webhooks/{Slug}/stripe
            """,
        "chargebee" => $"""
            Chargebee tells of purchases by itself: add this webhook in Chargebee, with the credentials of the Webhooks page.

            {PublicUrl}/webhooks/{Slug}/chargebee
            """,
        _ => Event(language, "invoice-paid", "\"price\": 49.00, \"currency\": \"EUR\"",
            """, "subscription": { "invoiceId": "inv-1001", "interval": "monthly", "productKey": "pro" }"""),
    };

    private const string Chargebee = """
        POST https://YOUR-SITE.chargebee.com/api/v2/customers
        meta_data={"cello_ucc":"CODE-FROM-THE-FORM","new_user_id":"YOUR-ID-OF-THE-NEW-USER"}
        email=new.user@example.com
        """;

    private static string StripeCustomer(string language) => language switch
    {
        "csharp" => """
            await new CustomerService().CreateAsync(new CustomerCreateOptions
            {
                Email = user.Email,
                Metadata = new() { ["cello_ucc"] = ucc, ["new_user_id"] = user.Id.ToString() },
            });
            """,
        "python" => """
            stripe.Customer.create(
                email=user.email,
                metadata={"cello_ucc": ucc, "new_user_id": str(user.id)})
            """,
        "ruby" => """
            Stripe::Customer.create(
              email: user.email,
              metadata: { cello_ucc: ucc, new_user_id: user.id.to_s })
            """,
        _ => """
            await stripe.customers.create({
              email: user.email,
              metadata: { cello_ucc: ucc, new_user_id: String(user.id) },
            });
            """,
    };

    private string Event(string language, string trigger, string price, string more)
    {
        var api = $"{PublicUrl}/api/{Slug}";
        var body = $$"""
            { "eventName": "ReferralUpdated",
              "payload": { "ucc": ucc, "newUserId": user.id, {{price}} },
              "context": { "newUser": { "id": user.id, "email": user.email },
                           "event": { "trigger": "{{trigger}}", "timestamp": now }{{more}} } }
            """;
        return language switch
        {
            "csharp" => $$"""
                // token: POST {{api}}/token with accessKeyId and secretAccessKey
                http.DefaultRequestHeaders.Authorization = new("Bearer", token);
                await http.PostAsync("{{api}}/events", new StringContent(json, Encoding.UTF8, "application/json"));
                // json:
                {{body}}
                """,
            "python" => $$"""
                # token: POST {{api}}/token with accessKeyId and secretAccessKey
                requests.post("{{api}}/events", headers={"Authorization": f"Bearer {token}"}, json=event).raise_for_status()
                # event:
                {{body}}
                """,
            "ruby" => $$"""
                # token: POST {{api}}/token with accessKeyId and secretAccessKey
                Net::HTTP.post(URI("{{api}}/events"), event.to_json,
                  "Authorization" => "Bearer #{token}", "Content-Type" => "application/json")
                # event:
                {{body}}
                """,
            _ => $$"""
                // token: POST {{api}}/token with accessKeyId and secretAccessKey
                await fetch("{{api}}/events", {
                  method: "POST",
                  headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
                  body: JSON.stringify(event),
                });
                // event:
                {{body}}
                """,
        };
    }
}
