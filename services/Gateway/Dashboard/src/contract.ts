// The shapes of the API, as docs/api.md and /openapi/v1.json say them. A value that is not known is absent, never null and never 0.
export type Money = string; export type Instant = string; export type Id = string;
export interface Page<T> { items: T[]; next?: string }
export interface ModelName { id: string; label: string; ordinal: number }
export interface Interval { mean: number; low: number; high: number; n?: number }         // 95 %

// GET /api/overview  (also the data of a stream message of type "metrics", each second)
export interface Overview {
  mode: 'spring_training' | 'paper' | 'live'; mode_text: string;      // "SPRING TRAINING: production is off" ...
  synthetic: boolean; feed: string; feed_time?: Instant; preset?: string; version: string; role: string;
  started_at: Instant; now: Instant;
  stage: string;                                                      // graduation stage and what is missing, in words
  kill: { on: boolean; reason?: string; since?: Instant };
  breakers: { name: string; reason: string; since?: Instant; resets?: string }[];   // standing ones only
  lanes: LaneView[];                                                  // in path order: 4, 1, 2, 3
  detected: number; detected_per_s: number;
  conservation: { opportunities: number; verdicts: number; due: number; outcomes: number; open: number; missing: number };
  model?: ModelName & { since?: Instant; why?: string; challenger?: ModelName; challenger_share?: number };
  profit: { production: Money; shadow_passed: Money; shadow_all: Money; currency: string };
  alerts: { code: string; cause: string; advice: string; since?: Instant }[];
}
export interface LaneView {
  number: 1 | 2 | 3 | 4; name: 'production' | 'shadow_sim' | 'training' | 'pre_validator';
  enabled: boolean; off_reason?: string; processed: number; passed?: number; failed?: number; succeeded?: number; missed?: number;
  missed_by?: { code: string; count: number }[];
  rate?: number;                    // of lane 4 passed / judged, of 1 and 2 won / filled; 0..1
  per_s: number;                    // processed a second over the last 10 s
  queue_depth: number; queue_capacity: number; dropped: number; profit?: Money; samples?: number;
}
// GET /api/equity?points=600 : cumulative net, base currency, down-sampled by the server; both series on the same instants
export interface Equity { currency: string; from?: Instant; to?: Instant; points: { at: Instant; production: Money; shadow_passed: Money; shadow_all: Money }[]; trades: number }

// GET /api/opportunities?limit&cursor&symbol&kind=cross_venue|directional&verdict=passed|refused&gate=NAME(that refused)&lane=production|shadow_sim&result=win|loss|breakeven|missed&model=LABEL&min_net_bps
export interface OpportunityRow {
  id: Id; at: Instant; symbol: string; kind: 'cross_venue' | 'directional'; venues: string[]; mode: string; side: string;
  gross_bps?: number; net_bps?: number; score?: number; passed: boolean; reasons: string[]; model: string;
  production?: LaneResult; shadow?: LaneResult;
}
export interface LaneResult { state: 'open' | 'filled' | 'missed'; result?: 'win' | 'loss' | 'breakeven'; net?: Money; net_bps?: number; currency?: string; missed?: string; detail?: string }
// GET /api/opportunities/{id}
export interface OpportunityLife extends OpportunityRow {
  position: string; submitted: boolean; regime: string; route: string; expected: { gross?: Money; fees?: Money; net?: Money; gas?: Money; size?: Money; currency: string };
  gates: GateReading[]; features: { name: string; unit: string; value?: number; contribution?: number }[];  // contribution: to the log-odds of the score (TreeSHAP or weight x value); absent where the model cannot tell
  contribution_base?: number; model_detail: ModelName; meta_label?: number; nearest_change?: string;
  outcomes: { production?: TradeLife; shadow_sim?: TradeLife; training?: { state: string; at?: Instant } };
  twin?: { gap: Money; causes: { name: string; amount: Money }[]; unexplained: Money };
}
export interface GateReading { name: string; state: 'pass' | 'fail' | 'unknown'; binds: boolean; value?: number; limit?: number; limit_text?: string; comparison: '>' | '>=' | '<' | '<=' | 'in'; unit: string; reason?: string }
export interface TradeLife extends LaneResult { at?: Instant; side?: string; quantity?: string; gross?: Money; fees?: Money; exit_reason?: string; duration_s?: number; fills: { at: Instant; venue: string; symbol: string; observed: string; quoted: string; price: string; quantity: string; fee: Money }[] }

// GET /api/gates
export interface GateCourt { gates: GateRow[]; total_blocked: number }
export interface GateRow {
  name: string; binds: string[]; setting?: string; limit?: number; limit_text?: string; comparison: string; unit: string;
  pass: number; fail: number; unknown: number; pass_rate?: number; verdict: string;       // too_strict | too_loose | earns_its_keep | not_enough_evidence ...
  good_blocks: number; bad_blocks: number; saved: Money; missed: Money;                       // of what the gate itself refused
  would_have_blocked: Blocks;                                                                 // of what it failed and did not refuse: it advises, or pre-validation is off
  accuracy?: number; blocked_net?: Interval; currency: string;                                // of both together
  curve: { threshold: number; blocked: number; saved: Money; missed: Money; net: Money }[];   // what each other limit would have blocked; empty where the measure is no number
  recommendation?: { limit: number; text: string; gain: Money };
}
export interface Blocks { good: number; bad: number; saved: Money; missed: Money }
// GET /api/twins?limit&cursor  (also the totals)
export interface Twins extends Page<TwinRow> { total: number; avg_discrepancy?: Money; gap: Money; unexplained: Money; causes: { name: string; amount: Money }[]; both_filled: number; same_sign: number }
export interface TwinRow { id: Id; at: Instant; symbol: string; production: LaneResult; shadow: LaneResult; gap: Money; causes: { name: string; amount: Money }[] }

// GET /api/models?limit&cursor
export interface Models extends Page<ModelRow> { live: { model: ModelName; since?: Instant; why: string; pinned?: boolean }; experiment?: ExperimentView; readiness_rules: string[] }
export interface ModelRow extends ModelName { type: string; kind: string; created_at?: Instant; status: string; traffic: number; trigger: string; samples?: number; auc?: number; ece?: number; brier?: number; log_loss?: number; ready: boolean; why: string }
export interface Check { name: string; passed?: boolean; text: string }   // passed absent: cannot be told
export interface ExperimentView { name: string; champion: ModelName; challenger: ModelName; share: number; since: Instant; outcomes: number; gain_bps?: Interval; checks: Check[] }
// GET /api/models/{name}
export interface ModelDetail extends ModelRow { reliability: { low: number; high: number; predicted: number; observed: number; n: number }[]; importance: { feature: string; share: number; change?: number }[]; importance_change?: number; checks: Check[]; lineage: { name: string; value: string }[] }
// GET /models/history?at= exists already ("what was live at T")

// GET /api/learning
export interface Learning {
  since: Instant;                   // the start of this process: nights, drift, retrains among `metrics`, `last_at` and `last_text` are known from then on
  samples: { collected: number; labelled: number; by_lane: { lane: string; count: number }[]; buffer: number; buffer_capacity: number; reported: number };   // over restarts
  activity: { since: Instant; received: number; passed: number; failed: number; wins: number; losses: number; simulated_net: Money };   // LRN-12
  guard?: string;                   // what keeps every trigger from firing; absent: nothing
  triggers: { name: string; kind: string; measured: string; limit: string; fired: boolean; waits_for: string }[];      // "why was there no retrain"
  metrics: { name: string; value?: number; unit: string; min?: number; ideal?: number; max?: number; state: 'below' | 'ok' | 'ideal' | 'above' | 'unknown'; text: string }[]; // LRN-01..10
  nights: { at: Instant; wins: number; losses: number; rows: number; model?: string; ready?: boolean; text: string }[];
  drift: { kind: string; feature: string; psi?: number; ks_p?: number; wasserstein?: number; drifted: boolean; history: { at: Instant; psi: number }[] }[];
  retraining: { running: boolean; runs: number; last_at?: Instant; last_text?: string };   // `runs` over restarts
}
// GET /api/queues
export interface Queues { queues: { handler: string; topic: string; depth: number; capacity: number; dropped: number; policy: string }[]; writer: { ledger_pending_bytes: number; projection_lag_records: number; errors: number }; integrity: string } // LRN-13
// GET /api/performance
export interface Performance {
  stages: { name: string; unit: 'us'; p50?: number; p99?: number; p999?: number; n: number }[];
  throughput: { detected_per_s: number; outcomes_per_s: number; history: { at: Instant; detected_per_s: number; outcomes_per_s: number; memory_mb: number }[] };   // last 10 min, a point each 5 s
  memory: { rss_mb: number; heap_mb: number; gc_pause_ms: number; gen0: number; gen1: number; gen2: number; allocated_per_s_mb: number }; cpu_share: number; cores: number; uptime_s: number;
  hypotheses: { name: string; claim: string; claim_low?: number; claim_high?: number; unit: string; measured?: Interval; n: number; text: string }[];   // DASH-14, C14: "not measured" where n is 0
}

// ---- Stream: ws /stream. Envelope {type,data,seq,ts}; seq: number (per server run, counts messages of all channels, contiguous in the log of the buffer), ts: Instant
export type StreamType = 'connection' | 'opportunity' | 'prediction' | 'execution' | 'metrics' | 'alert' | 'heartbeat';
export type Channel = 'opportunities' | 'predictions' | 'executions' | 'metrics' | 'alerts' | 'learning';
// client -> server: {"command":"subscribe","channels":["opportunities"],"since":123,"id":"any"} | {"command":"unsubscribe","channels":[..]} | {"command":"stats"} | {"command":"ping"}
// connection.data: { session: string (changes with each server run: a `since` of another session is answered with resumed:false), oldest: number, newest: number, channels: Channel[], heartbeat_s: number, ... }; also the answer to commands: {command, id?, ok, error?, ...}
// opportunity.data: OpportunityRow without lanes' results ; prediction.data: { id, at, symbol, score, meta_label?, model, passed }
// execution.data: { id, at, lane, symbol, passed, ...LaneResult } ; metrics.data: Overview ; alert.data: { code, cause, advice, state: 'begins'|'ends', at }
// learning channel: alert messages with code model_trained | model_assigned, and execution messages of lane shadow_sim (SHDW-10)
