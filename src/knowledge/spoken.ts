/** What is spoken on a connection, where some timers of its client are about that alone. */
export type Spoken = 'http1' | 'fastcgi' | 'uwsgi'

/** Timers of nginx towards servers, each for what it speaks to them: HTTP (`proxy_pass`), FastCGI, uwsgi, and HTTP/2 as gRPC has it. */
const UPSTREAM = /^nginx\.(proxy|fastcgi|uwsgi|grpc)_/
const WORDS: Record<Spoken, string> = { http1: 'proxy', fastcgi: 'fastcgi', uwsgi: 'uwsgi' }

/** Whether the setting can act on a connection on which this is spoken. */
export function actsOn(id: string, spoken: Spoken): boolean {
  const word = UPSTREAM.exec(id)?.[1]
  return word === undefined || word === WORDS[spoken]
}
