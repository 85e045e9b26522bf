/** What a person gets to begin with: it serves at once, and shows what else can be said. */
export const starter = `# The configuration of Rookery. Check it: rookery config check. All keys: rookery config schema.
# Secrets never stand here: they are named as env:NAME (a variable) or file:path.

server:
  host: 127.0.0.1          # another address needs a key
  port: 4000
  # key: env:ROOKERY_KEY   # openssl rand -hex 32
  # hosts: [rook.internal] # names that callers may use for this server

# Engines, each under a name of your choice. kind: vllm, ollama, llama-server, openai, anthropic or embedded.
upstreams:
  inside:
    kind: embedded         # llama.cpp inside of Rookery; the model is fetched when it first serves
    slots: 4               # answers generated at once
  # gpu-1: {kind: vllm, url: "http://gpu-1:8000"}
  # gpu-2: {kind: vllm, url: "http://gpu-2:8000", key: env:VLLM_KEY}
  # claude: {kind: anthropic, key: env:ANTHROPIC_API_KEY}

# Names that callers ask for. Without this section all models of all engines are served under their own names.
# models:
#   Qwen/Qwen2.5-7B-Instruct:
#     targets: [gpu-1, {upstream: gpu-2, weight: 2}]
#     aliases: [gpt-4o]
#     defaults: {temperature: 0.2}   # where a request says nothing
#     fallbacks: [small]
#     facts: {dialect: hermes}       # what you know better than Rookery
#   small: {targets: [inside]}

routing:
  policy: least-in-flight  # or weighted, latency, round-robin, session-affinity, prefix-affinity, cheapest
  retries: 2               # before the first byte only
  queue: 1024              # requests that may wait for a place at one engine

# include: [more.yaml]     # read first; this file wins
# dialects: formats.yaml   # tool-call formats of your own: docs/dialects.md
`;
