import type { Browser, Page } from 'playwright'
import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'
import { startChromium } from './chromium.ts'
import { trustedKey } from './trusted-key.ts'

/** Where a node's WebGUI is, how it is recognised, and who logs in. */
export interface WebGuiAccess {
  product: 'OPNsense' | 'pfSense'
  url: string
  /** SHA-256 of the certificate, as `AB:CD:...`. */
  fingerprint(signal: AbortSignal): Promise<string>
  login(): Promise<{ user: string; password: string }>
}

const actionTimeoutMs = 10_000
const viewport = { width: 1280, height: 800 }

/** A browser at one node's WebGUI, opened when it is first needed. One thing is done at a time. */
export class Visit {
  readonly #node: string
  readonly #access: WebGuiAccess
  #opening: Promise<{ browser: Browser; page: Page }> | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(node: string, access: WebGuiAccess) {
    this.#node = node
    this.#access = access
  }

  /** Does something on the page when what was asked for before is done. An abort closes the browser; the next use opens another. */
  do<T>(act: (page: Page) => Promise<T>, signal: AbortSignal): Promise<T> {
    const done = this.#last.then(async () => await this.#act(act, signal))
    this.#last = done.catch(() => {})
    return done
  }

  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    await opening?.then(
      async ({ browser }) => await browser.close(),
      () => {},
    )
  }

  async #act<T>(act: (page: Page) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    const abort = () => void this.close()
    signal.addEventListener('abort', abort, { once: true })
    try {
      const { page } = await this.#open(signal)
      return await act(page)
    } catch (thrown) {
      signal.throwIfAborted()
      throw thrown instanceof HarnessError ? thrown : this.#unexpected(thrown)
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async #open(signal: AbortSignal): Promise<{ browser: Browser; page: Page }> {
    this.#opening ??= this.#start(signal)
    try {
      return await this.#opening
    } catch (thrown) {
      this.#opening = undefined
      throw thrown
    }
  }

  async #start(signal: AbortSignal): Promise<{ browser: Browser; page: Page }> {
    const { url, fingerprint } = this.#access
    const key = await trustedKey(this.#node, url, await fingerprint(signal), signal)
    const browser = await startChromium(key)
    const page = await browser.newPage({ baseURL: url, viewport })
    page.setDefaultTimeout(actionTimeoutMs)
    return { browser, page }
  }

  #unexpected(cause: unknown): HarnessError {
    return new HarnessError(`the WebGUI of ${this.#node} at ${this.#access.url}: ${reasonOf(cause)}`, {
      exitCode: exitCodes.unavailable,
      kind: 'unreachable',
      hint: `is it running, is it an ${this.#access.product}, and is machines.${this.#node}.api.url its WebGUI?`,
      cause,
    })
  }
}
