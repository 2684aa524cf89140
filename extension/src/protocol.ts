// What is said between the extension and the server beyond the standard protocol: the mirror of
// `server/surefoot/lsp/protocol.py` and of the replies in `server/surefoot/wire/`.
//
// Invariant: every interface here has the name and the fields of the Python class that it mirrors, with `?` where the
// server has a default. `tests/test_extension_contract.py` compares them, so one field stands on one line.

export const Command = {
  ask: "surefoot.ask",
  search: "surefoot.search",
  explain: "surefoot.explain",
  status: "surefoot.status",
  reindex: "surefoot.reindex",
  trace: "surefoot.trace",
  reportAnswer: "surefoot.reportAnswer",
  models: "surefoot.models",
  pullModel: "surefoot.pullModel",
  recheck: "surefoot.recheck",
  permalinks: "surefoot.permalinks",
  source: "surefoot.source",
} as const;

export const ANSWER_NOTIFICATION = "surefoot/answer";
export const STATUS_NOTIFICATION = "surefoot/statusChanged";

// --- arguments ---------------------------------------------------------------------------------------------------

export interface AskArguments {
  question: string;
  model?: string;
  roots?: string[];
  path?: string | string[];
  lang?: string | string[];
  source?: string | string[];
  open?: string;
  after?: string;
  token?: string;
}

export interface SearchArguments {
  query: string;
  k?: number;
  trace?: boolean;
  roots?: string[];
  path?: string | string[];
  lang?: string | string[];
  source?: string | string[];
  open?: string;
}

export interface DocumentArgument {
  uri: string;
}

export interface PositionArgument {
  line: number;
  character: number;
}

export interface ExplainArguments {
  textDocument: DocumentArgument;
  position: PositionArgument;
  model?: string;
  token?: string;
}

export interface StatusArguments {
  details?: boolean;
}

export interface ReindexArguments {
  paths?: string[];
}

export interface TraceArguments {
  id?: string;
  limit?: number;
}

export interface ReportedPlace {
  path: string;
  start_line: number;
  end_line: number;
}

export interface ReportArguments {
  trace_id: string;
  places?: ReportedPlace[];
  note?: string;
}

export interface PullArguments {
  name: string;
}

export interface RecheckArguments {
  root: string;
  path: string;
  start_line: number;
  end_line: number;
  text: string;
  symbol?: string;
}

export interface SourceArguments {
  path: string;
  root?: string;
}

export interface PermalinksArguments {
  places: ReportedPlace[];
}

// --- replies -----------------------------------------------------------------------------------------------------

export interface HitReply {
  path: string;
  start_line: number;
  end_line: number;
  symbol: string;
  kind: string;
  source: string;
  root: string;
  score: number;
  retrievers: Record<string, number>;
  text: string;
  language: string;
  rules: Record<string, number>;
  why: string[];
  label: string;
  url: string;
}

export interface SearchReply {
  query: string;
  trace_id: string;
  no_match: boolean;
  hits: HitReply[];
  near_misses: string[];
  stages: Record<string, number>;
  notices: string[];
  drift: DriftReply | null;
}

export interface DriftReply {
  measured_at: number;
  files: number;
  drifted_files: number;
  drifted_chunks: number;
  unindexed_files: number;
}

export interface StruckReply {
  text: string;
  reason: string;
}

export interface ClaimReply {
  text: string;
  citations: number[];
  struck: StruckReply[];
}

export interface WithheldReply {
  text: string;
  reason: string;
}

export interface CitationReply {
  id: number;
  path: string;
  start_line: number;
  end_line: number;
  symbol: string;
  verdict: string;
  root: string;
  text: string;
  source: string;
  label: string;
  url: string;
}

export interface SourceUseReply {
  source: string;
  indexed: number;
  used: boolean;
}

export interface AnsweredFrom {
  files: number;
  chunks: number;
  indexing: boolean;
  drift: DriftReply | null;
}

export interface AskReply {
  question: string;
  trace_id: string;
  mode: "llm" | "extractive";
  model: string;
  abstained: boolean;
  claims: ClaimReply[];
  withheld: WithheldReply[];
  citations: CitationReply[];
  missing: string[];
  near_misses: string[];
  index: AnsweredFrom;
  stages: Record<string, number>;
  notices: string[];
  sources: SourceUseReply[];
}

export interface Failed {
  path: string;
  error: string;
}

export interface Skipped {
  path: string;
  reason: string;
}

export interface RootStatusReply {
  root: string;
  name: string;
  database: string;
  database_bytes: number;
  files: number;
  symbols: number;
  chunks: number;
  drifted_chunks: number;
  drifted_files: string[];
  unindexed_files: number;
  bytes_per_chunk: number;
  languages: Record<string, number>;
  sources: Record<string, number>;
  skipped: Record<string, number>;
  failed: Failed[];
  skipped_files: Skipped[];
}

export interface StatusReply {
  files: number;
  symbols: number;
  chunks: number;
  drifted_chunks: number;
  unindexed_files: number;
  database_bytes: number;
  bytes_per_chunk: number;
  embedder: string;
  model: string;
  model_state: string;
  indexing: boolean;
  waits_for_power: boolean;
  measured_at: number;
  roots: RootStatusReply[];
  sources: Record<string, number>;
}

export interface IndexReply {
  files: number;
  indexed: number;
  unchanged: number;
  removed: number;
  skipped: Record<string, number>;
  failed: Failed[];
  symbols: number;
  chunks: number;
  commits: number;
  seconds: number;
  notices: string[];
}

export interface TraceRow {
  trace_id: string;
  kind: string;
  question: string;
  started_at: number;
  milliseconds: number;
  outcome: string;
  client: string;
  roots: string[];
}

export interface TraceListReply {
  traces: TraceRow[];
}

export interface StageReply {
  name: string;
  started_ms: number;
  milliseconds: number;
  counts: Record<string, number>;
  details: Record<string, unknown>;
}

export interface TraceReply {
  trace_id: string;
  kind: string;
  question: string;
  started_at: number;
  milliseconds: number;
  outcome: string;
  client: string;
  roots: string[];
  stages: StageReply[];
  request: Record<string, unknown>;
  versions: Record<string, unknown>;
}

export interface ModelRow {
  name: string;
  title: string;
  size_bytes: number;
  licence: string;
  memory_bytes: number;
  unfit: string;
  sha256: string | null;
  sha256_source: string;
  repo: string;
  revision: string;
  file: string;
  note: string;
  path: string;
  downloaded: boolean;
  incomplete: boolean;
  default: boolean;
}

export interface ModelsReply {
  models: ModelRow[];
}

export interface PullReply {
  name: string;
  path: string;
}

export interface ReportReply {
  case_id: string;
  file: string;
}

export interface RecheckReply {
  verdict: "valid" | "moved" | "changed" | "missing";
  start_line: number;
  end_line: number;
}

export interface PermalinksReply {
  links: string[];
}

export interface SourceReply {
  root: string;
  path: string;
  language: string;
  text: string;
  indexed: boolean;
  lines: number[];
}

// --- notifications -----------------------------------------------------------------------------------------------

export interface StreamedEvidence {
  token: string;
  event: "evidence";
  hits: HitReply[];
}

export interface StreamedWaiting {
  token: string;
  event: "waiting";
  notice: string;
}

export interface StreamedClaim {
  token: string;
  event: "claim";
  claim: ClaimReply;
  citations: CitationReply[];
}

export interface StreamedWithheld {
  token: string;
  event: "withheld";
  withheld: WithheldReply;
}

export type Streamed = StreamedEvidence | StreamedWaiting | StreamedClaim | StreamedWithheld;

export interface StatusChanged {
  indexing: boolean;
  done: number;
  total: number;
  files_per_second: number;
  seconds_left: number | null;
  drift: DriftReply | null;
}
