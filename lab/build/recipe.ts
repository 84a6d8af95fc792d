/** One step on the node: what it is for, and the POSIX shell script that does it. */
export interface Step {
  title: string
  script: string
}

/** Everything that makes one template, in order. `undo` removes what a failed attempt leaves. */
export interface Recipe {
  template: TemplateNames
  steps: readonly Step[]
  undo: Step
}

/** How a template is known on the cluster. */
export interface TemplateNames {
  /** As a lab file names it, like `opnsense-25.7`. */
  image: string
  name: string
  vmid: number
}

/** What a person may choose. */
export interface Choices {
  image: string
  vmid: number
  /** Storage of the disks. */
  storage: string
  /** Bridge with DHCP and a way to the internet, for packages. */
  bridge: string
  /** Volume id of the vendor's installation ISO; for firewalls. */
  iso?: string
  /** A template of that VMID is removed first. */
  replaces: boolean
}

/** Marks every template; nothing without it is ever replaced. */
export const templateTag = 'firedrill-template'

/** The name under which provisioning looks for an image: dots become dashes. */
export const namesOf = ({ image, vmid }: Pick<Choices, 'image' | 'vmid'>): TemplateNames => {
  return { image, vmid, name: `firedrill-${image.replaceAll('.', '-')}` }
}

/** A file as a shell command that writes it, whatever is in it. */
export function writeFile(path: string, content: string): string {
  const encoded = Buffer.from(content)
    .toString('base64')
    .replaceAll(/.{1,100}/g, '$&\n')
  return `base64 -d >${path} <<'END'\n${encoded}END`
}
