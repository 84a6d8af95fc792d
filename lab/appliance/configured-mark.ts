/** The file whose appearance says that the firewall's keys are in place: people may be let in from then on. */
export const configuredMark = '/run/configured'
