import { HarnessError, reasonOf } from '../../../model/failure.ts'
import { refusal } from '../refusal.ts'

/** A call as errors name it, and what helps where it is refused. */
export interface NamedCall {
  node: string
  /** Method and path, never with a body. */
  call: string
  product: 'OPNsense' | 'pfSense'
  /** The privilege that the call needs, in the product's own words. */
  privilege: string
}

/** What a status other than 200 means. */
export function statusError({ node, call, product, privilege }: NamedCall, status: number, body: string): HarnessError {
  const said = messageIn(body)
  const text = `${node}: ${call} was refused with ${status}${said === '' ? '' : `: ${said}`}`
  if (status === 401) return refusal('unauthenticated', text, { hint: hints[product].credentials })
  if (status === 403) return refusal('forbidden', text, { hint: `the user needs the privilege ${privilege}` })
  if (status === 404) return refusal('not-found', text, { hint: hints[product].missing })
  if (status >= 300 && status < 400)
    return refusal('not-json', `${node}: ${call}: expected an answer, came a redirection (${status})`, {
      hint: hints[product].notJson,
    })
  return refusal('refused', text)
}

const hints = {
  OPNsense: {
    credentials: "are key= and secret= of credentialsFile this node's own, and is the API key still there?",
    missing: 'this release does not know the call; it says nothing about the credentials',
    notJson: 'is api.url that of the WebGUI of an OPNsense, without anything in between?',
  },
  pfSense: {
    credentials: 'are user= and password= of credentialsFile those of a local user of this node?',
    missing: 'is the REST API package v2 installed? it has to be installed anew after each upgrade of pfSense',
    notJson: 'is api.url that of the WebGUI of a pfSense with the REST API package v2, without anything in between?',
  },
} as const

/** An answer of 200 that is not what the call answers. */
export function notUnderstood({ node, call, product }: NamedCall, expected: string, came: string): HarnessError {
  return refusal('not-json', `${node}: ${call}: expected ${expected}, came ${came}`, { hint: hints[product].notJson })
}

/** What kind of text came instead of JSON, in a few words. */
export function describeText(text: string): string {
  if (text.trim() === '') return 'an empty answer'
  if (!/^\s*</.test(text)) return JSON.stringify(text.slice(0, 80))
  const title = /<title>\s*([^<]{1,80}?)\s*<\/title>/i.exec(text)?.[1]
  return title === undefined ? 'a page of HTML' : `a page of HTML, "${title}"`
}

/** The node did not answer in time; of a request that changes something nobody knows whether it was carried out. */
export function slow({ node, call }: NamedCall, limitMs: number, changes: boolean): HarnessError {
  const maybe = changes ? '; it may have been carried out' : ''
  return refusal('slow', `expected ${node} to answer ${call} within ${limitMs / 1000} s, came nothing${maybe}`)
}

/** What went wrong below HTTP, as one line. Errors for people pass through. */
export function unreachable({ node, call }: NamedCall, url: string, thrown: unknown): HarnessError {
  if (thrown instanceof HarnessError) return thrown
  return refusal('unreachable', `cannot reach the API of ${node} at ${url} for ${call}: ${reasonOf(thrown)}`, {
    hint: 'is the node running, and is machines.*.api.url in the target file right?',
    cause: thrown,
  })
}

function messageIn(body: string): string {
  const match = /"(?:errorMessage|message)"\s*:\s*"((?:[^"\\]|\\.){1,300})"/.exec(body)
  return match?.[1]?.replaceAll(/\s+/g, ' ') ?? ''
}
