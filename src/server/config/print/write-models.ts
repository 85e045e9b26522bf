import type { DropRules, RoutingRules, TargetOptions } from '../../../gateway/routes/route-options.ts';
import type { ModelConfiguration, ModelFacts } from '../configuration.ts';
import { defined, type Part, part, time, unless } from './write-parts.ts';

/** A model as a `rookery.yaml` says it, where it differs from the rules of all models. */
export function modelPart(model: ModelConfiguration, rules: RoutingRules): Part {
  const usual = { ...rules, fallbacks: rules.fallbacks.filter((name) => name !== model.name) };
  const own = part({
    targets: model.targets.map((target) => targetPart(target, model.name)),
    aliases: model.aliases.map(({ name, isHidden }) => (isHidden ? { name, hidden: true } : name)),
    ...{ mode: model.mode, defaults: model.defaults, drop_params: dropsPart(model.drops), tags: model.tags, groups: model.groups },
    facts: factsPart(model.facts),
  });
  return { ...own, ...rulesPart(model.rules, usual) };
}

/** Rules where they differ from others. */
export function rulesPart(rules: RoutingRules, usual: RoutingRules): Part {
  const { policy } = rules;
  const written = Object.keys(policy.options).length === 0 ? policy.name : { name: policy.name, ...policy.options };
  return defined({
    policy: JSON.stringify(policy) === JSON.stringify(usual.policy) ? undefined : written,
    retries: unless(usual.retries, rules.retries),
    retries_for: unless(usual.retriesFor, rules.retriesFor),
    retry_pause: time(rules.retryPauseMs, usual.retryPauseMs),
    cooldown: time(rules.cooldownMs, usual.cooldownMs),
    max_cooldown: time(rules.longestCooldownMs, usual.longestCooldownMs),
    allowed_fails: unless(usual.allowedFails, rules.allowedFails),
    allowed_fails_for: unless(usual.failsFor, rules.failsFor),
    timeout: time(rules.timeouts.requestMs, usual.timeouts.requestMs),
    stream_timeout: time(rules.timeouts.streamMs, usual.timeouts.streamMs),
    fallbacks: unless(usual.fallbacks, rules.fallbacks),
    context_window_fallbacks: unless(usual.contextFallbacks, rules.contextFallbacks),
    content_policy_fallbacks: unless(usual.contentFallbacks, rules.contentFallbacks),
    max_fallbacks: unless(usual.mostFallbacks, rules.mostFallbacks),
  });
}

function targetPart(target: TargetOptions, modelName: string): Part | string {
  const { limits, timeouts, rules } = target;
  const written = part({
    upstream: target.upstream,
    model: unless(modelName, target.model),
    id: target.id,
    weight: unless(1, target.weight),
    order: unless(0, target.order),
    tags: target.tags,
    limits: part({
      requests_per_minute: limits.requestsPerMinute,
      tokens_per_minute: limits.tokensPerMinute,
      parallel: limits.parallel,
    }),
    timeout: time(timeouts.requestMs),
    stream_timeout: time(timeouts.streamMs),
    defaults: target.defaults,
    drop_params: dropsPart(target.drops),
    cost: target.cost,
    retries: rules.retries,
    cooldown: time(rules.cooldownMs),
    allowed_fails: rules.allowedFails,
  });
  return Object.keys(written).length === 1 ? target.upstream : written;
}

function dropsPart({ dropsUnsupported, paths }: DropRules): true | Part | readonly string[] | undefined {
  if (dropsUnsupported) return paths.length > 0 ? { unsupported: true, fields: paths } : true;
  return paths.length > 0 ? paths : undefined;
}

function factsPart(facts: ModelFacts): Part {
  const { chat, tools, thinking } = facts.sampling ?? {};
  const values = (given: typeof chat) =>
    given && part({ temperature: given.temperature, top_p: given.topP, top_k: given.topK, repetition_penalty: given.repetitionPenalty });
  const template = facts.chatTemplate;
  return part({
    ...{ like: facts.likeModel, dialect: facts.dialect },
    ...{ context: facts.contextTokens, max_input: facts.inputTokens, max_output: facts.outputTokens },
    sampling: part({ chat: values(chat), tools: values(tools), thinking: values(thinking) }),
    ...{ tools: facts.tools, parallel_calls: facts.parallelCalls, multi_turn_tools: facts.multiTurnTools, images: facts.images },
    ...{ tool_soft_cap: facts.toolSoftCap, select_tools: facts.toolSelection, constrain_tool_calls: facts.constrainToolCalls },
    ...{ tool_preamble: facts.toolPreamble, repairs: facts.repairs },
    chat_template: template && (template.kind === 'own' ? template.name : template.path),
  });
}
