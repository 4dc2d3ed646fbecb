"""The live proxy: stands between an application and a server, passes everything on, and tells what passed."""
