// Loaded ahead into the sandbox of compiled workers, see `src/worker/workflow-source.ts`. The SDK
// takes a stack trace for each promise that workflow code makes, and looks up each of its lines in
// a source map: a fifth of a loaded worker's CPU time. V8 takes none where this is 0.
Error.stackTraceLimit = 0;
