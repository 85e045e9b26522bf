import { given } from '../../../api/decode/given.ts';
import { defaultRouting } from '../../../gateway/routes/default-routing.ts';
import type { ProbeOptions } from '../../../gateway/routes/route-options.ts';
import type { LogConfiguration, PassThrough, ServerConfiguration } from '../configuration.ts';
import { findKeyFault } from '../find-key-fault.ts';
import { defaultServer } from '../own/defaults.ts';
import { keepSecret, type Reading } from '../reading.ts';
import type { Secret } from '../secret.ts';
import type { Section } from './section.ts';

/** The server of `general_settings` and `litellm_settings`. Its key may come from LITELLM_MASTER_KEY, as in LiteLLM. */
export function readServer(reading: Reading, general: Section, litellm: Section): ServerConfiguration {
  const { limits } = defaultServer;
  const megabytes = general.number('max_request_size_mb', 512);
  const keyHeader = general.text('litellm_key_header_name')?.toLowerCase();
  return {
    ...defaultServer,
    ...given({ key: readMasterKey(reading, general), keyHeader }),
    limits: {
      ...limits,
      bodyBytes: megabytes === undefined ? limits.bodyBytes : Math.max(1024, Math.round(megabytes * 1024 ** 2)),
      ...given({ parallel: general.count('global_max_parallel_requests') }),
    },
    log: readLog(litellm),
  };
}

function readMasterKey(reading: Reading, general: Section): Secret | undefined {
  const fromEnvironment = reading.environment.LITELLM_MASTER_KEY?.trim() ?? '';
  const key = general.has('master_key')
    ? general.secret('master_key')
    : fromEnvironment === ''
      ? undefined
      : keepSecret(reading, 'env:LITELLM_MASTER_KEY', fromEnvironment);
  const fault = key && findKeyFault(key.reveal());
  if (fault) general.fault('master_key', `the key ${fault}. Make one with: openssl rand -hex 32`);
  return key;
}

function readLog(litellm: Section): LogConfiguration {
  const isJson = litellm.flag('json_logs') === true;
  const isVerbose = litellm.flag('set_verbose') === true;
  return { level: isVerbose ? 'debug' : 'info', ...(isJson ? { format: 'json' as const } : {}) };
}

/** How engines are asked whether they are well. LiteLLM does so by paid calls, and only when told to; here nothing is generated for it. */
export function readProbes(general: Section): ProbeOptions {
  const isAsked = general.flag('background_health_checks') === true;
  const intervalMs = general.seconds('health_check_interval') ?? 300_000;
  return isAsked ? { ...defaultRouting.probes, intervalMs } : defaultRouting.probes;
}

/** Paths that are forwarded as they are. */
export function readPassThrough(general: Section): readonly PassThrough[] {
  return general.sections('pass_through_endpoints').flatMap((section) => {
    const path = section.text('path');
    const target = section.text('target');
    const headers = section.headers('headers');
    const forwardsHeaders = section.flag('forward_headers') ?? false;
    section.tellRest(['path', 'target', 'headers', 'forward_headers']);
    if (path === undefined || target === undefined) return section.faultHere('expected `path` and `target`.') ?? [];
    if (path.startsWith('/') && /^https?:\/\//.test(target)) return [{ path, target, headers, forwardsHeaders }];
    return section.faultHere('expected a `path` that begins with /, and a `target` that begins with http:// or https://.') ?? [];
  });
}

/** What is always so here, or asks for nothing. */
export function acceptUsual(general: Section, litellm: Section, router: Section): void {
  // each upstream's state is shown to callers with the key; bodies of answers are never kept; keys never reach a log
  general.accept(
    'health_check_details',
    'store_model_in_db',
    'disable_spend_logs',
    'disable_error_logs',
    'disable_master_key_return',
    'max_response_size_mb',
  );
  // answers are always checked against their schema; messages and keys are never logged
  litellm.accept(
    'enable_json_schema_validation',
    'turn_off_message_logging',
    'redact_user_api_key_info',
    'telemetry',
    'suppress_debug_info',
  );
  // the context is always checked, targets are always chosen by their health
  router.accept('enable_pre_call_checks', 'enable_health_check_routing', 'set_verbose', 'debug_level');
  for (const key of ['callbacks', 'success_callback', 'failure_callback', 'service_callback']) {
    const names = litellm.texts(key).filter((name) => name !== 'prometheus');
    if (names.length > 0)
      litellm.warn(key, `of these only prometheus is here (\`/metrics\`, always on); left aside: ${names.join(', ').slice(0, 200)}.`);
  }
}
