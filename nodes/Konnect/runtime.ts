/** What the nodes do, apart from how they are described: built into a file of its own, which is loaded at the first use. */
export { problemOfCredential } from './api/checkCredential';
export { runOperation } from './operations';
export { sentences } from './payment/sentences';
export { handleCall } from './webhook/trigger';
export { handleResume } from './webhook/wait';
