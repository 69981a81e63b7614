#include "contexts.h"
#include "children.h"
#include "settings.h"

/* Runs in every process that is preloaded, most of which never speak TLS: as little as can be. */
__attribute__((constructor)) static void loaded(void)
{
    if (!settings_read())
        return;
    children_remember();
    contexts_hook();
}
