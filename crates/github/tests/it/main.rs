//! The client against servers: the stateful fake where GitHub's behaviour matters, a server
//! that says exactly these bytes where the wire does.

mod clock;
mod wire;

mod bounds;
mod one_server;
