import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'
import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'

const usualPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Starts the system's Chromium, which believes servers with this public key and, beyond that, whom it believes anyway. */
export async function startChromium(trustedKey: string): Promise<Browser> {
  const executablePath = usualPaths.find((path) => existsSync(path))
  if (executablePath === undefined) throw missing(`expected Chromium at ${usualPaths.join(', ')}, found none`)
  // Chromium's own sandbox refuses to work for root; what is visited is the lab's firewalls only.
  const args = [`--ignore-certificate-errors-spki-list=${trustedKey}`, '--no-sandbox', '--disable-gpu']
  try {
    return await chromium.launch({
      executablePath,
      args,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
  } catch (cause) {
    throw missing(`Chromium (${executablePath}) does not start: ${reasonOf(cause)}`, cause)
  }
}

const missing = (message: string, cause?: unknown) =>
  new HarnessError(message, {
    exitCode: exitCodes.unavailable,
    hint: 'apt-get install chromium, or use another way in than webgui',
    cause,
  })
