package quaybell.domain;

import java.util.Map;

/** The three letters of the FAO that go into every report, and what people in the hall say. */
public final class Species {

    private static final Map<String, String> NAMES = Map.of(
        "COD", "Cod",
        "HAD", "Haddock",
        "POK", "Saithe",
        "HAL", "Halibut",
        "MON", "Monkfish",
        "LIN", "Ling",
        "USK", "Tusk",
        "REG", "Redfish");

    private Species() {
    }

    public static String nameOf(String code) {
        return NAMES.getOrDefault(code, code);
    }

    public static void require(String code) {
        if (!NAMES.containsKey(code)) {
            throw HallException.invalid("species", "Nobody here sells " + code + ".");
        }
    }
}
