"""The lab's toolbox: namespaces, relay, servers, clients, captures, truth and the referee."""
