import type { SystemReader } from '../../ports/firewall.ts'

export type Product = 'OPNsense' | 'pfSense'

/** Which product a machine is, by the name of its image; null where the name says nothing. */
export function productOfImage(image: string): Product | null {
  if (/^opnsense\b/i.test(image)) return 'OPNsense'
  return /^pfsense\b/i.test(image) ? 'pfSense' : null
}

/** Which product a node is: by its image where that is known, else the node is asked, once. */
export function productFinder(images: Readonly<Record<string, string>>, system: SystemReader) {
  const asked = new Map<string, Promise<Product>>()
  return (node: string, signal: AbortSignal): Promise<Product> => {
    const named = productOfImage(images[node] ?? '')
    if (named !== null) return Promise.resolve(named)
    const known = asked.get(node) ?? system.read(node, signal).then(({ product }) => product)
    asked.set(node, known)
    known.catch(() => asked.delete(node))
    return known
  }
}
