/** What XML 1.0 forbids, plus DEL and the C1 controls, which terminals and YAML do not take either. Lone surrogates go through `u`. */
// oxlint-disable-next-line no-control-regex -- these characters are the subject
const unprintable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]|\p{Surrogate}/gu

/** Text that every report can carry: line ends are `\n`, each character that XML 1.0 or a terminal cannot take becomes U+FFFD. */
export const printable = (text: string): string => text.replace(/\r\n?/g, '\n').replace(unprintable, '\uFFFD')

/** The same on one line: every run of white space is one space. */
export const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim()
