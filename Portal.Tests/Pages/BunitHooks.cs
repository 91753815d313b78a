using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portal.Tests.Pages;

/// <summary>bUnit was compiled against AngleSharp.Diffing 1.0; the 0.17 that restores here has all that it calls.</summary>
internal static class BunitHooks
{
    [ModuleInitializer]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += static (_, name) =>
        name.Name == "AngleSharp.Diffing" ? Assembly.Load(new AssemblyName("AngleSharp.Diffing")) : null;
}
