const folder = '/etc/firedrill'

/** A shell command that makes the key and certificate of the target's web server, once. Nobody is asked to believe the certificate. */
export const makeWebKey =
  `[ -e ${folder}/web.key ] || { mkdir -p ${folder} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 ` +
  `-nodes -days 3650 -subj /CN=target -keyout ${folder}/web.key -out ${folder}/web.crt 2>/dev/null; }`
