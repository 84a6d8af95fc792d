import { byLine, startService } from '../system/service.ts'

/** A running `ip -batch`: a command costs microseconds instead of a process. */
export type IpShell = { run: (...commands: string[]) => Promise<void>; stop: () => void }

const marker = /^\d+: lo:/

/** Starts it. `run` resolves when the kernel has done all its commands; what failed is told to `onError` and skipped. */
export function startIpShell(onError: (line: string) => void): IpShell {
  const waiting: (() => void)[] = []
  const service = startService({
    command: 'ip',
    args: ['-force', '-oneline', '-batch', '-'],
    onOutput: byLine((line) => {
      if (marker.test(line)) waiting.shift()?.()
    }),
    onLine: onError,
    onEnd: () => {
      for (const resolve of waiting.splice(0)) resolve()
    },
  })
  return {
    stop: service.stop,
    run: (...commands) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        service.write([...commands, 'link show dev lo', ''].join('\n'))
      }),
  }
}
