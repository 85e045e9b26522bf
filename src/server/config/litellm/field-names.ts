/** Body fields that a row may give a default for without a remark: those of OpenAI, vLLM and Ollama. */
export const bodyFields: readonly string[] = [
  ...['temperature', 'top_p', 'top_k', 'min_p', 'max_tokens', 'max_completion_tokens', 'n', 'seed', 'stop', 'stop_token_ids', 'ignore_eos'],
  ...['presence_penalty', 'frequency_penalty', 'repetition_penalty', 'logit_bias', 'logprobs', 'top_logprobs', 'user', 'metadata'],
  ...['response_format', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning_effort', 'thinking', 'stream', 'stream_options'],
  ...[
    'chat_template_kwargs',
    'structured_outputs',
    'guided_json',
    'guided_regex',
    'guided_choice',
    'guided_grammar',
    'encoding_format',
    'dimensions',
  ],
  ...['think', 'options', 'service_tier', 'store', 'min_tokens', 'length_penalty', 'truncate_prompt_tokens', 'add_generation_prompt'],
];

/** Words of Ollama that LiteLLM's users write beside the others; Ollama takes them under `options`. */
export const ollamaOptions: readonly string[] = [
  'mirostat',
  'mirostat_eta',
  'mirostat_tau',
  'repeat_last_n',
  'tfs_z',
  'typical_p',
  'num_keep',
  'num_predict',
];

/** Keys of `litellm_params` that nothing here acts on. Source: LiteLLM 1.109, types/router.py. */
export const setAsideParams: readonly string[] = [
  ...[
    'mock_response',
    'mock_timeout',
    'use_in_pass_through',
    'cache_control_injection_points',
    'modify_params',
    'api_version',
    'region_name',
  ],
  ...['roles', 'initial_prompt_value', 'final_prompt_value', 'bos_token', 'eos_token', 'hf_model_name', 'max_budget', 'budget_duration'],
  ...[
    'tpd',
    'rpd',
    'itpm',
    'otpm',
    'daily_reset_time',
    'tag_regex',
    'max_file_size_mb',
    'default_api_key_tpm_limit',
    'default_api_key_rpm_limit',
  ],
  ...[
    'configurable_clientside_auth_params',
    'merge_reasoning_content_in_choices',
    'use_litellm_proxy',
    'use_chat_completions_api',
    'litellm_trace_id',
  ],
  ...[
    'input_cost_per_second',
    'output_cost_per_second',
    'cache_read_input_token_cost',
    'cache_creation_input_token_cost',
    'provider_affinity_header',
  ],
  ...['keepalive_seconds', 'num_gpu', 'num_thread', 'num_batch', 'main_gpu', 'user_config', 'complete_response', 'merge_system_messages'],
];

/** Beginnings of keys for providers and routers that are not here. */
export const setAsidePrefixes =
  /^(aws|vertex|azure|watsonx|oci|milvus|valkey|auto_router|complexity_router|adaptive_router|quality_router|gcs|s3)_/;

/** Sections of the file that nothing here acts on. */
export const setAsideSections: readonly string[] = [
  ...[
    'guardrails',
    'mcp_servers',
    'mcp_tools',
    'vector_store_registry',
    'search_tools',
    'finetune_settings',
    'files_settings',
    'assistant_settings',
  ],
  ...['callback_settings', 'prompts', 'policies', 'agents', 'tools', 'cost_margin_config', 'litellm_license', 'worker_config'],
];

/** Keys of `router_settings` that LiteLLM knows and nothing here acts on. */
export const routerNames: readonly string[] = [
  ...[
    'redis_host',
    'redis_port',
    'redis_password',
    'redis_url',
    'redis_db',
    'redis_cluster',
    'redis_ssl',
    'cache_responses',
    'caching_groups',
  ],
  ...[
    'client_ttl',
    'polling_interval',
    'provider_budget_config',
    'alerting_config',
    'default_priority',
    'assistants_config',
    'search_tools',
  ],
  ...[
    'guardrail_list',
    'ignore_invalid_deployments',
    'deployment_affinity_ttl_seconds',
    'model_group_affinity_config',
    'health_check_staleness_threshold',
  ],
];

/** Keys of `litellm_settings` that LiteLLM knows and nothing here acts on. */
export const liteLlmNames: readonly string[] = [
  ...[
    'cache',
    'cache_params',
    'modify_params',
    'force_ipv4',
    'default_team_params',
    'key_generation_settings',
    'upperbound_key_generate_params',
  ],
  ...[
    'default_key_generate_params',
    'max_budget',
    'budget_duration',
    'require_auth_for_metrics_endpoint',
    'langfuse_default_tags',
    'add_function_to_prompt',
  ],
  ...[
    'default_internal_user_params',
    'max_internal_user_budget',
    'public_model_groups',
    'custom_provider_map',
    'return_response_headers',
    'forward_traceparent_to_llm_provider',
  ],
  ...[
    'context_window_fallback_dict',
    'model_alias_map',
    'mcp_aliases',
    'disable_end_user_cost_tracking',
    'prometheus_metrics_config',
    'enable_preview_features',
  ],
];

/** Keys of `general_settings` that LiteLLM knows and nothing here acts on. */
export const generalNames: readonly string[] = [
  ...[
    'database_url',
    'max_parallel_requests',
    'database_connection_pool_limit',
    'database_connection_timeout',
    'proxy_batch_write_at',
    'proxy_budget_rescheduler_min_time',
  ],
  ...[
    'allow_requests_on_db_unavailable',
    'store_prompts_in_spend_logs',
    'maximum_spend_logs_retention_period',
    'user_header_name',
    'enforce_user_param',
  ],
  ...[
    'allowed_ips',
    'use_x_forwarded_for',
    'always_include_stream_usage',
    'infer_model_from_keys',
    'user_api_key_cache_ttl',
    'completion_model',
    'alerting',
  ],
  ...[
    'alerting_threshold',
    'alert_types',
    'custom_auth',
    'enable_jwt_auth',
    'litellm_jwtauth',
    'admin_only_routes',
    'allowed_routes',
    'public_routes',
    'block_robots',
  ],
  ...[
    'use_redis_transaction_buffer',
    'pass_through_request_timeout',
    'otel',
    'custom_key_generate',
    'ui_access_mode',
    'default_team_disabled',
    'salt_key',
  ],
  ...[
    'disable_spend_updates',
    'disable_adding_master_key_hash_to_db',
    'enable_public_model_hub',
    'health_check_concurrency',
    'service_account_settings',
  ],
];
