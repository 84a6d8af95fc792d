/**
 * Loaded into npm by set-up: lets npm ask whether a package fits the Node that will run it, the pinned one, and not the Node
 * that happens to run npm. Otherwise npm leaves out every optional package (the native part of a tool) whose engines exclude
 * an older Node, without a word.
 */
Object.defineProperty(process, 'version', { value: process.env.FIREDRILL_PINNED_NODE })
