namespace Portal.Pages.Account;

/// <summary>The words that the account's forms come back with, in sentences.</summary>
internal static class AccountErrors
{
    public static string? Explain(string? error) => error switch
    {
        null or "" => null,
        "credentials" => "That address and password do not belong together. After several wrong tries no more are taken for a while.",
        "locked" => "Too many wrong tries from here: no more are taken for a while. Try again in ten minutes.",
        "secondFactor" => "That is not the code that the app shows now. Each code is taken once; wait for the next one.",
        "expired" => "The form was open for too long. Please fill it in once more.",
        "code" => "That is not the setup code. The newest line in the log has it.",
        "email" => "That is not an e-mail address that can be used here.",
        "passwordTooShort" => "The password is too short.",
        "passwordTooLong" => "The password is too long.",
        "passwordTooCommon" => "That password is among the first that anybody would try. Choose another.",
        "passwordIsEmail" => "The password may not be the e-mail address.",
        _ => "That did not work. Please try again.",
    };
}
