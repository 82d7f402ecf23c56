export { errorOf, hasEnded, outputOf, type Execution } from '../../../scripts/n8n/executions';
export { N8nRequestError } from '../../../scripts/n8n/http';
export { n8nClient, type N8nClient } from '../../../scripts/n8n/rest';
export * from './calls';
export * from './npmInstall';
export * from './served';
export * from './shop';
export * from './stage';
export * from './workflow';
