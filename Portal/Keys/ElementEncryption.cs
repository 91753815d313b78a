using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Portal.Keys;

/// <summary>Encrypts the secret part of the ring's elements under the master key.</summary>
internal sealed class ElementEncryption(MasterKeySource source) : IXmlEncryptor
{
    internal const string Element = "sealed";
    internal const string Under = "masterKey";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var master = source.Key;
        try
        {
            return new EncryptedXmlInfo(
                new XElement(Element, new XAttribute(Under, master.Fingerprint), Convert.ToBase64String(master.Encrypt(plain))), typeof(ElementDecryption));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}

/// <summary>The reverse; data protection makes it by its name, which is written beside each element.</summary>
public sealed class ElementDecryption(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc />
    public XElement Decrypt(XElement encryptedElement)
    {
        var plain = services.GetRequiredService<MasterKey>().Decrypt(Convert.FromBase64String(encryptedElement.Value));
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
