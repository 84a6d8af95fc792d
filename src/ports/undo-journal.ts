/** An undo as it is persisted: enough to carry it out from the journal alone. */
export interface PlannedUndo {
  id: string
  kind: string
  params: Record<string, unknown>
  machines: string[]
  lab: string
  what: string
}

/** Where undos are persisted before their faults begin. Both calls return only when the entry is on disk. */
export interface UndoJournal {
  plan(undo: PlannedUndo): void
  done(undo: PlannedUndo): void
}
