/** Timers of nginx towards servers that it speaks another protocol to: FastCGI, uwsgi, and HTTP/2 as gRPC has it. */
const NOT_HTTP1 = /^nginx\.(fastcgi|uwsgi|grpc)_/

/** Whether the setting can act on a connection that carries HTTP/1. */
export function actsOnHttp1(id: string): boolean {
  return !NOT_HTTP1.test(id)
}
