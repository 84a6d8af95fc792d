/** A program running on a machine, with line-wise output. */
export interface RemoteProcess {
  write(line: string): void
  /** Closes its standard input. */
  end(): void
  /** Resolves when it has ended, with its exit code (null: killed, or the channel broke). Never rejects. */
  readonly ended: Promise<number | null>
}

/** Commands on the lab's machines over the management path. */
export interface Shell {
  /** Runs a command, returns its standard output; throws HarnessError with the last line of stderr when it fails. */
  run(machine: string, command: string, options: { signal: AbortSignal; input?: string }): Promise<string>
  spawn(
    machine: string,
    command: string,
    options: {
      signal: AbortSignal
      onLine: (line: string) => void
      onErrorLine: (line: string) => void
      /** Where it is given, the output comes here as bytes, and not as lines. */
      onData?: (chunk: Uint8Array) => void
    },
  ): Promise<RemoteProcess>
  /** Closes all connections; later calls connect anew. */
  close(): Promise<void>
}
