import type { Target } from '../../../model/target.ts'
import { type Connection, connectTo } from './connection.ts'

/** One connection per machine, held until it breaks; the next use opens another. */
export class ConnectionPool {
  readonly #target: Target
  readonly #connections = new Map<string, Promise<Connection>>()

  constructor(target: Target) {
    this.#target = target
  }

  to(machine: string): Promise<Connection> {
    const held = this.#connections.get(machine)
    if (held !== undefined) return held
    const opening = connectTo(this.#target, machine)
    this.#connections.set(machine, opening)
    const forget = () => {
      if (this.#connections.get(machine) === opening) this.#connections.delete(machine)
    }
    opening.then((connection) => void connection.closed.then(forget), forget)
    return opening
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#connections.values())
    for (const settled of opened) if (settled.status === 'fulfilled') settled.value.close()
    this.#connections.clear()
  }
}
