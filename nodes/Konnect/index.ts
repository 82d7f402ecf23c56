export { Konnect } from './Konnect.node';
export { KonnectTrigger } from './KonnectTrigger.node';
