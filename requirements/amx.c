/* Whether AMX can be used as this compiler builds it: ends with 0, or dies. Some versions of GCC (seen: 12.2, which
   Debian 12 has) drop the stores to a tile configuration as dead, and llama.cpp dies at its first matrix product. */
#include <immintrin.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void) {
    struct { uint8_t palette, row, reserved[14]; uint16_t columns[16]; uint8_t rows[16]; } tiles = {1};
    if (syscall(SYS_arch_prctl, 0x1023, 18)) return 1; /* ARCH_REQ_XCOMP_PERM, the data of tiles */
    for (int tile = 0; tile < 8; tile++) { tiles.columns[tile] = 64; tiles.rows[tile] = 16; }
    _tile_loadconfig(&tiles);
    _tile_zero(4);
    _tile_release();
    return 0;
}
