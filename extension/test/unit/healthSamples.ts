// Status replies of a workspace in which all is well, with what a test wants to be otherwise.

import type { RootStatusReply, StatusReply } from "../../src/protocol.ts";

export function rootStatus(otherwise: Partial<RootStatusReply> = {}): RootStatusReply {
  return {
    root: "/projects/httpx",
    name: "httpx",
    database: "/cache/httpx.db",
    database_bytes: 1_531_904,
    files: 23,
    symbols: 700,
    chunks: 516,
    drifted_chunks: 0,
    drifted_files: [],
    unindexed_files: 0,
    bytes_per_chunk: 2969,
    languages: { python: 23 },
    sources: { code: 20, docs: 3, tickets: 12, commits: 1500 },
    skipped: {},
    failed: [],
    skipped_files: [],
    ...otherwise,
  };
}

export function statusOf(roots: RootStatusReply[], otherwise: Partial<StatusReply> = {}): StatusReply {
  const sum = (of: (root: RootStatusReply) => number) => roots.reduce((total, root) => total + of(root), 0);
  return {
    files: sum(root => root.files),
    symbols: sum(root => root.symbols),
    chunks: sum(root => root.chunks),
    drifted_chunks: sum(root => root.drifted_chunks),
    unindexed_files: sum(root => root.unindexed_files),
    database_bytes: sum(root => root.database_bytes),
    bytes_per_chunk: 2969,
    embedder: "minilm-static/256",
    model: "default",
    model_state: "ready",
    indexing: false,
    waits_for_power: false,
    measured_at: 1_700_000_000,
    roots,
    sources: {},
    ...otherwise,
  };
}
