#ifndef OSR_H
#define OSR_H

/* libosr: libssl's three session callbacks in plain C, and the means to drive, record and time them. */

#include "bench.h"
#include "contexts.h"
#include "last_error.h"
#include "live_sessions.h"
#include "server_clock.h"
#include "session_cache.h"
#include "tls_pair.h"
#include "transcript.h"

#endif
