/** An undo as it is persisted: enough to carry it out from the journal alone. */
export interface PlannedUndo {
  id: string
  kind: string
  params: Record<string, unknown>
  machines: string[]
  lab: string
  what: string
  /** Names the timed units that carry it out on the hypervisor's nodes, where it is armed there; random. */
  token?: string | undefined
  /** How a person undoes it, should nothing else be able to. */
  byHand?: string | undefined
}

/** Where undos are persisted before their faults begin. Both calls return only when the entry is on disk. */
export interface UndoJournal {
  plan(undo: PlannedUndo): void
  done(undo: PlannedUndo): void
}
