from enum import StrEnum


class AzureLanguage(StrEnum):
    AR_SA = "ar-SA"
    CS_CZ = "cs-CZ"
    DA_DK = "da-DK"
    DE_DE = "de-DE"
    EN_US = "en-US"
    ES_ES = "es-ES"
    FI_FI = "fi-FI"
    FR_FR = "fr-FR"
    HI_IN = "hi-IN"
    ID_ID = "id-ID"
    IT_IT = "it-IT"
    JA_JP = "ja-JP"
    KO_KR = "ko-KR"
    NB_NO = "nb-NO"
    NL_NL = "nl-NL"
    PL_PL = "pl-PL"
    PT_BR = "pt-BR"
    RU_RU = "ru-RU"
    SV_SE = "sv-SE"
    TH_TH = "th-TH"
    TR_TR = "tr-TR"
    UK_UA = "uk-UA"
    VI_VN = "vi-VN"
    ZH_CN = "zh-CN"

    def __str__(self) -> str:
        return str(self.value)
