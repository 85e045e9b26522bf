import { stringify } from 'yaml';
import { defaultRouting, defaultRules } from '../../../gateway/routes/default-routing.ts';
import type { RoutingOptions } from '../../../gateway/routes/route-options.ts';
import type { Configuration, ServerConfiguration, UpstreamConfiguration } from '../configuration.ts';
import { defaultServer } from '../own/defaults.ts';
import { modelPart, rulesPart } from './write-models.ts';
import { defined, headersPart, type Part, part, reference, time, unless } from './write-parts.ts';

/** A configuration as the text of a `rookery.yaml`. */
export interface WrittenConfiguration {
  readonly text: string;
  /** variables that it names and nobody has set: their secrets stand in the file it was made of */
  readonly missingVariables: readonly string[];
}

/**
 * Writes a configuration of any form as the `rookery.yaml` that says the same: what is usual is left out, no secret is in it, and reading it gives the same
 * configuration again.
 */
export function writeConfiguration(configuration: Configuration): WrittenConfiguration {
  const { server, hub, upstreams, models, routing, dialects, passThrough } = configuration;
  const missing = new Set<string>();
  const isUsualToServe = models.length === 0;
  const file = part({
    server: serverPart(server, missing),
    hub: part({ url: hub.url, token: reference(hub.token, 'HUB_TOKEN', missing) }),
    upstreams: Object.fromEntries(upstreams.map((upstream) => [upstream.name, upstreamPart(upstream, missing)])),
    models: Object.fromEntries(models.map((model) => [model.name, modelPart(model, routing.rules)])),
    routing: defined({ ...routingPart(routing), serve_unlisted: unless(isUsualToServe, configuration.servesUnlisted) }),
    dialects: dialects?.files,
    pass_through: passThrough.map(({ path, target, headers, forwardsHeaders }) =>
      part({
        path,
        target,
        headers: headersPart(headers, `pass through ${path}`, missing),
        forward_headers: unless(false, forwardsHeaders),
      }),
    ),
  });
  return { text: stringify(file, { lineWidth: 140, aliasDuplicateObjects: false }), missingVariables: [...missing] };
}

function serverPart(server: ServerConfiguration, missing: Set<string>): Part {
  const { limits, log } = server;
  return part({
    host: unless(defaultServer.host, server.host),
    port: unless(defaultServer.port, server.port),
    key: reference(server.key, 'ROOKERY_KEY', missing),
    key_header: server.keyHeader,
    hosts: server.hosts,
    origins: server.origins,
    max_body: unless(defaultServer.limits.bodyBytes, limits.bodyBytes),
    body_timeout: time(limits.bodyTimeoutMs, defaultServer.limits.bodyTimeoutMs),
    max_requests: limits.parallel,
    grace: time(server.graceMs, defaultServer.graceMs),
    trust_request_chat_template: unless(false, server.trustsRequestTemplates),
    log: part({ format: log.format, level: unless(defaultServer.log.level, log.level) }),
  });
}

function upstreamPart(upstream: UpstreamConfiguration, missing: Set<string>): Part {
  const { kind, name } = upstream;
  if (kind === 'embedded') {
    const { model, slots, threads, contextTokens, gpuLayers, batchTokens, mapsFile, locksMemory } = upstream;
    const own = { model, slots, threads, context: contextTokens, gpu: unless('auto', upstream.gpu) };
    return part({ kind, ...own, gpu_layers: gpuLayers, batch: batchTokens, mmap: mapsFile, mlock: locksMemory });
  }
  return part({
    ...{ kind, url: upstream.baseUrl },
    key: reference(upstream.apiKey, `${name}_KEY`, missing),
    headers: headersPart(upstream.headers, name, missing),
    ...{ models: upstream.models, context: upstream.contextTokens, slots: upstream.slots },
    first_byte_timeout: time(upstream.firstByteTimeoutMs),
    silence_timeout: time(upstream.silenceTimeoutMs),
    ...{ keep_alive: upstream.keepAlive, shares_gpu: upstream.sharesGpu },
    verify_certificate: unless(true, upstream.verifiesCertificate),
  });
}

function routingPart(routing: RoutingOptions): Part {
  const { probes } = defaultRouting;
  return {
    ...rulesPart(routing.rules, defaultRules),
    tag_filtering: unless(defaultRouting.tagFiltering, routing.tagFiltering),
    queue: unless(defaultRouting.queueLimit, routing.queueLimit),
    queue_timeout: time(routing.queueTimeoutMs, defaultRouting.queueTimeoutMs),
    probe_interval: time(routing.probes.intervalMs, probes.intervalMs),
    probe_timeout: time(routing.probes.timeoutMs, probes.timeoutMs),
    max_swap_wait: time(routing.swapWaitMs, defaultRouting.swapWaitMs),
  };
}
