/** What a session hears from its link. */
export interface LinkEvents {
  onOpen(): void
  onData(bytes: Buffer): void
  /** Once, with the cause: an error code, `FIN`, or what a program said last. */
  onClose(cause: string): void
}

/** One attempt at a connection. */
export interface Link {
  /** How its socket is found among those of the machine; null where it has none yet. */
  owner(): { port: number } | { pid: number } | null
  write(bytes: Buffer): void
  close(): void
}

/** A way to hold sessions: how they are opened, and what their messages look like. */
export interface Transport {
  /** What a reader of the report should know about these sessions. */
  readonly settings: Record<string, string>
  encode(session: number, seq: number): Buffer
  open(session: number, events: LinkEvents): Link
}

/** How one question ended: answered, never sent (the vantage machine's own word), or without an answer. */
export type Outcome = { answered: true } | { answered: false; error: string } | { answered: false; cause: string }

/** One kind of question over a connection of its own. */
export interface Asker {
  /** What a reader of the report should know about these questions. */
  readonly settings: Record<string, string>
  /** What has to be there before the first question; throws where it cannot be had. */
  prepare?(): Promise<void>
  /** Asks the question of this slot. Resolves within the stream's time limit. */
  ask(seq: number): Promise<Outcome>
  /** After the last question. */
  close?(): Promise<void>
}

/** A running stream. `stop` sends nothing more and resolves when every probe is resolved. */
export interface RunningStream {
  start(): void
  /** Tells of the sockets of its sessions, where it has any. */
  sampleSockets?(read: (owner: { port: number } | { pid: number }) => string | null): void
  stop(): Promise<void>
}
