/** What the nodes do, apart from their descriptions. Built into a file of its own, which is loaded on first use. */
export { problemOfCredential } from './api/checkCredential';
export { runOperation } from './operations';
export { sentences } from './payment/sentences';
export { handleCall } from './webhook/trigger';
export { handleResume } from './webhook/wait';
