using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Portal.Core.Sqlite;

/// <summary>
/// Lets EF Core 10 run on the SQLitePCLRaw 2.0.6 that restores here and on the system's SQLite library
/// (docs/decisions/0002-registry-gaps.md). Both hooks must be in place before Microsoft.Data.Sqlite is first touched.
/// </summary>
internal static class SqliteRuntime
{
    private static readonly string[] LibraryNames = ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib", "winsqlite3", "sqlite3"];

    [ModuleInitializer]
    internal static void Install()
    {
        AssemblyLoadContext.Default.Resolving += static (_, name) =>
            name.Name == "SQLitePCLRaw.core" ? Assembly.Load(new AssemblyName("SQLitePCLRaw.core")) : null;
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, static (name, _, _) =>
        {
            if (name != "e_sqlite3") return 0;
            foreach (var library in LibraryNames)
            {
                if (NativeLibrary.TryLoad(library, out var handle)) return handle;
            }
            return 0;
        });
    }
}
