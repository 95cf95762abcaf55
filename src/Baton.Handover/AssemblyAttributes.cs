using System.Runtime.CompilerServices;

// Native calls are then compiled ahead of time with the rest, and need no stub that is made at run time.
[assembly: DisableRuntimeMarshalling]
