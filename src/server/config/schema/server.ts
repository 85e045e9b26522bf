import type { z } from 'zod';
import { address, flag, list, name, secret, section, size, text, time, whole, words, written } from './leaves.ts';

const origin = written(/^https?:\/\/[^/\s]+\/?$/, 'an origin such as https://chat.example');

/** Where it listens and who may call. */
export const serverSchema = section(
  {
    host: text('a name or address').optional().describe('Name or address to listen on; default 127.0.0.1. Any but loopback needs a key.'),
    port: whole(0, 65_535).optional().describe('Default 4000; 0 takes a free one.'),
    key: secret.optional().describe('The key that callers must send, as env:NAME or file:path.'),
    key_header: written(/^[A-Za-z0-9-]{1,64}$/, 'the name of a header')
      .optional()
      .describe('A header that may carry the key, beside Authorization and x-api-key.'),
    hosts: list(name, 'a list of names').optional().describe('Names that the Host header may hold, beside loopback names.'),
    origins: list(origin, 'a list of origins').optional().describe('Origins whose web pages may call.'),
    max_body: size.optional().describe('Longest request body; default 32mb.'),
    body_timeout: time.optional().describe('Time for a body to arrive; default 60s.'),
    max_requests: whole(1, 1_000_000).optional().describe('Requests worked on or waiting at once; default: only the queues have a bound.'),
    grace: time.optional().describe('How long a stop waits for what is in flight; default 30s.'),
    trust_request_chat_template: flag.optional().describe('Whether requests may bring a chat template, which is a program; default false.'),
    log: section(
      {
        format: words('text', 'json', 'off').optional().describe('Default: text on a terminal, else json.'),
        level: words('debug', 'info', 'warn', 'error').optional().describe('Default info.'),
      },
      'Lines on stderr.',
    ).optional(),
  },
  'Where it listens and who may call.',
);

/** Where models of the embedded engine come from. */
export const hubSchema = section(
  {
    url: address.optional().describe('Default https://huggingface.co.'),
    token: secret.optional().describe('For gated models, as env:NAME or file:path.'),
  },
  'Where models of the embedded engine are fetched from.',
);

/** A server section that was checked. */
export type ServerSection = z.infer<typeof serverSchema>;

/** A hub section that was checked. */
export type HubSection = z.infer<typeof hubSchema>;
