#ifndef OSR_TRANSCRIPT_H
#define OSR_TRANSCRIPT_H

#include <stddef.h>

#include "export.h"
#include "session_cache.h"

/*
 * What was called, in order: one line for each callback, so that the same scenario can be run on another
 * implementation and the two texts compared. The recorder in C# writes the very same lines.
 *
 *     new <session> in_init=<0|1> reused=<0|1> version=<hex4>
 *     get <session> len=<n> <hit|miss>
 *     remove <session> resumable=<0|1>
 *
 *   - Fields are separated by one space; every line, the last one too, ends with '\n'. ASCII, no BOM.
 *   - <session> is a name in place of an id, which is random. Ids are numbered from 1 in the order in which
 *     they first appear in any line, all in one sequence. An id that first appears in a "new" line is s<n>;
 *     one that first appears in a "get" or "remove" line is ?<n>. An id keeps its name until the transcript
 *     is cleared. An id of no bytes is "-", and takes no number.
 *   - in_init is SSL_in_init(ssl), reused is SSL_session_reused(ssl), version is
 *     SSL_SESSION_get_protocol_version(session) as four lower-case hex digits (0303, 0304, fefd).
 *   - len is the length in bytes of the id asked for, decimal. "hit" means that a session was returned;
 *     whether libssl then accepts it does not show here.
 *   - resumable is SSL_SESSION_is_resumable(session): 0 where libssl has just declared the session bad.
 *   - A new callback on the client's side (SSL_is_server(ssl) is 0) writes no line. A remove callback
 *     shows no SSL, so all of them write one.
 *   - Recording starts switched off; the lines stay when it is switched off again.
 */
OSR_API void osr_cache_record(osr_cache *cache, int on);

/*
 * Copies the transcript, ended by a zero byte, as far as `size` reaches, and returns its whole length
 * without that zero. Call with NULL and 0 to ask for the length.
 */
OSR_API size_t osr_cache_transcript(osr_cache *cache, char *buf, size_t size);

/* Forgets the lines and the names: numbering starts at 1 again. */
OSR_API void osr_cache_clear_transcript(osr_cache *cache);

#endif
