export type { Configuration, EmbeddedUpstream, ModelConfiguration, RemoteUpstream } from './configuration.ts';
export { type Fault, renderFault, renderFaults } from './fault.ts';
export { starter } from './print/starter.ts';
export { writeStarter } from './print/starter-from-environment.ts';
export { writeConfiguration } from './print/write-configuration.ts';
export { type ConfigurationReading, listSecrets, readConfiguration } from './read-configuration.ts';
export { writeSchema } from './schema/write-schema.ts';
export { isSecret } from './secret.ts';
