export { createServer, type RunningServer, type ServerOptions } from './create-server.ts';
export { createLog, type Log, type LogOptions } from './log.ts';
