import { given } from '../../../api/decode/given.ts';
import { isLoopback } from '../../network-rules.ts';
import type { HubConfiguration, ServerConfiguration } from '../configuration.ts';
import { findKeyFault } from '../find-key-fault.ts';
import { addFault, type Reading, readSecret } from '../reading.ts';
import { toBytes, toMs } from '../schema/leaves.ts';
import type { HubSection, ServerSection } from '../schema/server.ts';
import { defaultServer } from './defaults.ts';

/** The server of a checked file. An address that others reach needs a key; an example is none. */
export async function makeServer(reading: Reading, section: ServerSection = {}): Promise<ServerConfiguration> {
  const { host = defaultServer.host, port = defaultServer.port, hosts = [], origins = [] } = section;
  const key = section.key === undefined ? undefined : await readSecret(reading, section.key, ['server', 'key']);
  const fault = key && findKeyFault(key.reveal());
  if (fault) addFault(reading, ['server', 'key'], `the key in ${key.reference} ${fault}. Make one with: openssl rand -hex 32`);
  if (section.key === undefined && !isLoopback(host)) {
    addFault(reading, ['server', 'host'], 'others can reach this address, so callers need a key. Add `key: env:NAME` beside it.');
  }
  const { limits, log, graceMs, trustsRequestTemplates } = defaultServer;
  return {
    ...{ host, port, hosts, origins },
    ...given({ key, keyHeader: section.key_header?.toLowerCase() }),
    limits: {
      bodyBytes: section.max_body === undefined ? limits.bodyBytes : toBytes(section.max_body),
      bodyTimeoutMs: section.body_timeout === undefined ? limits.bodyTimeoutMs : toMs(section.body_timeout),
      ...given({ parallel: section.max_requests }),
    },
    graceMs: section.grace === undefined ? graceMs : toMs(section.grace),
    trustsRequestTemplates: section.trust_request_chat_template ?? trustsRequestTemplates,
    log: { level: section.log?.level ?? log.level, ...given({ format: section.log?.format }) },
  };
}

/** Where models are fetched from. */
export async function makeHub(reading: Reading, section: HubSection = {}): Promise<HubConfiguration> {
  const token = section.token === undefined ? undefined : await readSecret(reading, section.token, ['hub', 'token']);
  return given({ url: section.url, token });
}
